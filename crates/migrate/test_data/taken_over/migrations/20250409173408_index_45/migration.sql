-- CreateIndex
CREATE INDEX "Thing6_ownerId_b_idx" ON "Thing6"("ownerId", "b");
