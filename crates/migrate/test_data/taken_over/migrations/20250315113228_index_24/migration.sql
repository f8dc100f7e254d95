-- CreateIndex
CREATE INDEX "Thing3_ownerId_b_idx" ON "Thing3"("ownerId", "b");
