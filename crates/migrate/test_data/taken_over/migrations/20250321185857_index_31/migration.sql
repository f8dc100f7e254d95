-- CreateIndex
CREATE INDEX "Thing4_ownerId_b_idx" ON "Thing4"("ownerId", "b");
